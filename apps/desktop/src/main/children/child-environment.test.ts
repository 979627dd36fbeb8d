import { describe, expect, it } from "vitest";
import { childEnvironment, variablesForTheWayOut } from "./child-environment.ts";

describe("the environment of a child", () => {
  it("holds nothing of the user's but what the system needs", () => {
    const user = {
      PATH: "/bin",
      HOME: "/home/a",
      GITHUB_TOKEN: "t",
      HTTPS_PROXY: "p",
      DISPLAY: ":0",
      DBUS_SESSION_BUS_ADDRESS: "d",
    };
    expect(childEnvironment(user, { UV_THREADPOOL_SIZE: "1" })).toEqual({
      PATH: "/bin",
      HOME: "/home/a",
      UV_THREADPOOL_SIZE: "1",
    });
  });

  it("of the backend alone has the way out: proxies, authorities, the hub and its token", () => {
    const user = {
      https_proxy: "p",
      NO_PROXY: "n",
      HF_TOKEN: "t",
      SSL_CERT_FILE: "c",
      GITHUB_TOKEN: "g",
      PATH: "/bin",
    };
    const way = { https_proxy: "p", NO_PROXY: "n", HF_TOKEN: "t", SSL_CERT_FILE: "c" };
    expect(variablesForTheWayOut(user)).toEqual(way);
    expect(childEnvironment(user, variablesForTheWayOut(user))).toEqual({ PATH: "/bin", ...way });
    expect(childEnvironment(user, {})).toEqual({ PATH: "/bin" });
  });

  it("cannot be used to turn the child into another program", () => {
    const tricks = [
      "NODE_OPTIONS",
      "ELECTRON_RUN_AS_NODE",
      "LD_PRELOAD",
      "LD_AUDIT",
      "DYLD_INSERT_LIBRARIES",
      "TEST_BINDING_CP",
      "node_options",
    ];
    const asked = Object.fromEntries(tricks.map((name) => [name, "x"]));
    expect(childEnvironment(asked, asked)).toEqual({});
  });

  it("knows Windows' names in any case", () => {
    expect(childEnvironment({ SystemRoot: "C:\\Windows", Path: "C:\\" }, {})).toEqual({
      SystemRoot: "C:\\Windows",
      Path: "C:\\",
    });
  });
});
