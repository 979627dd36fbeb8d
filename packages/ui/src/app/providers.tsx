import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { i18n } from "i18next";
import type { ReactNode } from "react";
import { I18nextProvider } from "react-i18next";
import { ClientProvider, type Deskside } from "./client-context.tsx";

/** What changes is told by the backend, so nothing is refetched on suspicion; and "offline" is how Deskside works. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

export interface ProvidersProps {
  deskside: Deskside;
  queries: QueryClient;
  i18n: i18n;
  children: ReactNode;
}

/** Everything a component of the interface expects above it; the window and the tests use the same. */
export function DesksideProviders({ deskside, queries, i18n, children }: ProvidersProps) {
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <ClientProvider value={deskside}>
          <Tooltip.Provider delay={500} closeDelay={0}>
            {children}
          </Tooltip.Provider>
        </ClientProvider>
      </QueryClientProvider>
    </I18nextProvider>
  );
}
