declare module "pino-roll" {
  import type { DestinationStream } from "pino";

  interface RollOptions {
    file: string;
    extension?: string;
    frequency?: "daily" | "hourly" | number;
    size?: string | number;
    limit?: { count: number };
    mkdir?: boolean;
  }
  export default function pinoRoll(options: RollOptions): Promise<DestinationStream>;
}
