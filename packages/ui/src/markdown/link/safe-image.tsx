import { useText } from "../../i18n/use-text.ts";
import { Icon } from "../../primitives/index.ts";
import { isEmbeddedImage } from "./safe-address.ts";

/** Images from elsewhere are not fetched: that would tell their owner that the answer is being read. */
export function SafeImage({ src, alt }: { src: string; alt: string }) {
  const { t } = useText();
  if (isEmbeddedImage(src)) return <img src={src} alt={alt} className="md-image" />;
  return (
    <span className="md-noimage" title={t("chat.markdown.remoteImage")}>
      <Icon name="image" size={14} />
      <span>{alt}</span>
      {src !== "" && <span className="ink3 mono">{src.length > 200 ? `${src.slice(0, 200)}…` : src}</span>}
    </span>
  );
}
