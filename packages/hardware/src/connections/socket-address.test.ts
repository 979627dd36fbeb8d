import { describe, expect, test } from "vitest";
import { isLoopback, isUnspecified, parseSocketAddress } from "./socket-address.ts";

// Synthetic, in the shape of /proc/net/tcp and /proc/net/tcp6 of x86, ARM (little-endian) and s390x (big-endian).
describe("addresses", () => {
  test.each([
    ["0100007F:1F90", "LE", "127.0.0.1", 8080],
    ["7F000001:1F90", "BE", "127.0.0.1", 8080],
    ["22D8B85D:01BB", "LE", "93.184.216.34", 443],
    ["5DB8D822:01BB", "BE", "93.184.216.34", 443],
    ["00000000:0000", "LE", "0.0.0.0", 0],
    ["00000000000000000000000001000000:0050", "LE", "::1", 80],
    ["00000000000000000000000000000001:0050", "BE", "::1", 80],
    ["B80D0120000000000000000001000000:01BB", "LE", "2001:db8::1", 443],
    ["20010DB8000000000000000000000001:01BB", "BE", "2001:db8::1", 443],
    ["0000000000000000FFFF00000100007F:1F90", "LE", "127.0.0.1", 8080],
    ["00000000000000000000FFFF7F000001:1F90", "BE", "127.0.0.1", 8080],
    ["0000000000000000FFFF000022D8B85D:01BB", "LE", "93.184.216.34", 443],
    ["000080FE00000000FF00FC00010000FE:0016", "LE", "fe80::fc:ff:fe00:1", 22],
  ] as const)("%s %s", (text, endianness, address, port) => {
    expect(parseSocketAddress(text, endianness)).toEqual({ address, port });
  });

  test.each(["", "0100007F", "0100007F:", "0100007:1F90", "0100007F:1F9", "XX00007F:1F90", "0100007F00:1F90"])(
    "%j is none",
    (text) => {
      expect(parseSocketAddress(text, "LE")).toBeNull();
    },
  );
});

test("RFC 5952: the longest run of zeros is shortened, a single zero group is not", () => {
  const from = (hex: string) => parseSocketAddress(`${hex}:0000`, "BE")?.address;
  expect(from("20010DB8000000010000000000000001")).toBe("2001:db8:0:1::1");
  expect(from("20010DB8000000000001000000000001")).toBe("2001:db8::1:0:0:1");
  expect(from("20010DB8000000010001000100010001")).toBe("2001:db8:0:1:1:1:1:1");
  expect(from("00000000000000000000000000000000")).toBe("::");
});

test("the machine itself and nobody", () => {
  expect(["127.0.0.1", "127.8.9.10", "::1"].every(isLoopback)).toBe(true);
  expect(["128.0.0.1", "10.0.0.1", "::2", "fe80::1", "0.0.0.0"].some(isLoopback)).toBe(false);
  expect(["0.0.0.0", "::"].every(isUnspecified)).toBe(true);
  expect(isUnspecified("::1")).toBe(false);
});
