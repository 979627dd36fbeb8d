import {
  defaultSettings,
  type SettingEntry,
  type SettingKey,
  type Settings,
  type SettingValue,
  settingSchemas,
} from "@deskside/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "./client-context.tsx";
import { queryKeys } from "./query-keys.ts";
import { useErrorToast } from "./use-error-toast.ts";

/** All settings with their defaults and locks; null until they are known. */
export function useSettingEntries(): readonly SettingEntry[] | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.settings,
    queryFn: ({ signal }) => client.settings.list(undefined, { signal }),
  });
  return data ?? null;
}

/** The settings in force: what is not known yet, or does not parse, is the default. */
export function useSettings(): Settings {
  const entries = useSettingEntries();
  return useMemo(() => readSettings(entries ?? []), [entries]);
}

export function useSetting<K extends SettingKey>(key: K): SettingValue<K> {
  return useSettings()[key];
}

/** Lists are compared by what they hold: each answer of the backend brings new ones. */
export function isDefaultValue({ value, defaultValue }: SettingEntry): boolean {
  return value === defaultValue || JSON.stringify(value) === JSON.stringify(defaultValue);
}

export function readSettings(entries: readonly SettingEntry[]): Settings {
  const pairs = entries.flatMap((entry) => {
    const parsed = settingSchemas[entry.key].safeParse(entry.value);
    return parsed.success ? [[entry.key, parsed.data] as const] : [];
  });
  return { ...defaultSettings, ...Object.fromEntries(pairs) };
}

/** Changes a setting at once on screen; if the backend refuses, the old value comes back and a toast says why. */
export function useSetSetting(): <K extends SettingKey>(key: K, value: SettingValue<K>) => void {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const { mutate } = useMutation({
    mutationFn: (change: { key: SettingKey; value: unknown }) => client.settings.set(change),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: queryKeys.settings });
      const before = queries.getQueryData<SettingEntry[]>(queryKeys.settings);
      queries.setQueryData<SettingEntry[]>(queryKeys.settings, (entries) =>
        entries?.map((entry) => (entry.key === change.key ? { ...entry, value: change.value } : entry)),
      );
      return { before };
    },
    onError: (error, _change, context) => {
      if (context?.before) queries.setQueryData(queryKeys.settings, context.before);
      showError(error);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.settings }),
  });
  return (key, value) => mutate({ key, value });
}
