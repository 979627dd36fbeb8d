/** On whose behalf a repository works. It sees and changes rows of this owner only. */
export interface Principal {
  readonly ownerId: string;
}

/** The one person of a Deskside without user accounts. */
export const localUser: Principal = Object.freeze({ ownerId: "local" });
