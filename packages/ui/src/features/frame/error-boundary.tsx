import { Component, type ErrorInfo, type ReactNode } from "react";
import { useText } from "../../i18n/use-text.ts";
import { Banner, Button } from "../../primitives/index.ts";

interface State {
  error: unknown;
}

/** A view that fails takes nothing else with it. A new `resetKey` tries again. */
export class ErrorBoundary extends Component<{ resetKey: string; children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error("A view failed", error, info.componentStack);
  }

  override componentDidUpdate(before: { resetKey: string }): void {
    if (before.resetKey !== this.props.resetKey && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <BrokenView error={this.state.error} onRetry={() => this.setState({ error: undefined })} />;
  }
}

function BrokenView({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useText();
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    <div className="pane-note">
      <Banner
        tone="danger"
        title={t("shell.broken.title")}
        actions={
          <>
            <Button size="sm" variant="quiet" onClick={() => void navigator.clipboard.writeText(details)}>
              {t("common.copyDetails")}
            </Button>
            <Button size="sm" onClick={onRetry}>
              {t("common.tryAgain")}
            </Button>
          </>
        }
      >
        {t("shell.broken.body")}
      </Banner>
    </div>
  );
}
