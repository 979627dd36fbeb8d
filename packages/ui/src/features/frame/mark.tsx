/** The mark of Deskside: a gauge. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true">
      <rect x=".75" y=".75" width="20.5" height="20.5" rx="6" fill="var(--ink)" />
      <path
        d="M5.5 14.5a5.5 5.5 0 0 1 11 0"
        fill="none"
        stroke="var(--ground)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
      <path d="m11 14.5 3-4.2" stroke="var(--ground)" strokeWidth="1.6" strokeLinecap="round" />
      <circle cx="11" cy="14.5" r="1.5" fill="var(--ground)" />
    </svg>
  );
}
