import { DesksideError, errorKinds } from "@deskside/base";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { benchErrors } from "../bench/bench-errors.ts";
import { chatErrors } from "../chat/chat-errors.ts";
import { engineBinariesErrors } from "../engine-binaries/engine-binaries-errors.ts";
import { engineErrors } from "../engine/engine-errors.ts";
import { generationErrors } from "../generation/generation-errors.ts";
import { hardwareErrors } from "../hardware/hardware-errors.ts";
import { knowledgeErrors } from "../knowledge/knowledge-errors.ts";
import { bundleErrors } from "../library/bundle-errors.ts";
import { libraryErrors } from "../library/library-errors.ts";
import { modelErrors } from "../model/model-errors.ts";
import { settingsErrors } from "../settings/settings-errors.ts";
import { systemErrors } from "../system/system-errors.ts";
import { errorDataSchema } from "./error-schema.ts";
import { deskError, errorTable } from "./error-table.ts";

const areas = {
  benchErrors,
  chatErrors,
  engineBinariesErrors,
  engineErrors,
  generationErrors,
  hardwareErrors,
  knowledgeErrors,
  libraryErrors,
  bundleErrors,
  modelErrors,
  settingsErrors,
  systemErrors,
};

describe("the error table", () => {
  test("joins the areas without one code hiding another", () => {
    const codes = Object.values(areas).flatMap((table) => Object.keys(table));
    expect(codes.length).toBeGreaterThan(30);
    expect(new Set(codes).size).toBe(codes.length);
    expect(Object.keys(errorTable).sort()).toEqual([...codes].sort());
  });

  test.each(Object.entries(errorTable))(
    "%s has a known kind and a schema that documents its data",
    (code, definition) => {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(errorKinds).toContain(definition.kind);
      expect(definition.data).toBeInstanceOf(z.ZodObject);
      // What cannot be written as JSON cannot cross the wire.
      expect(z.toJSONSchema(definition.data)).toMatchObject({ type: "object" });
      expect(definition.data.safeParse(null).success).toBe(false);
    },
  );

  test("deskError takes kind and data from the table and keeps the cause", () => {
    const cause = new Error("ENOSPC");
    const error = deskError("DISK_FULL", { path: "/data" }, { cause, message: "for the log" });
    expect(error).toBeInstanceOf(DesksideError);
    expect(error.toData()).toEqual({ code: "DISK_FULL", kind: "exhausted", data: { path: "/data" } });
    expect([error.cause, error.message]).toEqual([cause, "for the log"]);
  });

  test("what an error gives to the wire is what the stored form accepts", () => {
    const data = deskError("OUT_OF_MEMORY", { neededBytes: 2, freeBytes: 1 }).toData();
    expect(errorDataSchema.parse(JSON.parse(JSON.stringify(data)))).toEqual(data);
    expect(errorDataSchema.safeParse({ ...data, kind: "made-up" }).success).toBe(false);
  });
});
