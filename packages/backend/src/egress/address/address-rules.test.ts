import { describe, expect, test } from "vitest";
import { type AddressClass, classifyAddress } from "./address-rules.ts";
import { parseIpAddress } from "./ip-address.ts";

const cases: Record<AddressClass, string[]> = {
  public: [
    ...["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0"],
    ...["9.255.255.255", "11.0.0.0", "169.253.255.255", "192.167.255.255", "192.169.0.0", "223.255.255.255"],
    ...["2606:2800:220:1:248:1893:25c8:1946", "2a00::1", "2001:4860:4860::8888", "3ffe::1"],
    ...["::ffff:8.8.8.8", "::ffff:808:808", "64:ff9b::8.8.8.8", "64:ff9b::5db8:d822"],
  ],
  private: [
    ...["127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1"],
    ...["100.127.255.255", "192.0.2.1", "198.51.100.7", "203.0.113.7", "198.18.0.1", "198.19.255.255"],
    ...["::1", "0:0:0:0:0:0:0:1", "fc00::1", "fd12:3456::1", "fdff::1", "fec0::1", "2001:db8::1", "3fff:fff::1"],
    ...["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::127.0.0.1", "::a00:1", "::ffff:0:192.168.1.1"],
    ...["64:ff9b::127.0.0.1", "64:ff9b::c0a8:101", "64:ff9b:1::10.0.0.1", "2002:7f00:1::", "2002:c0a8:101::1"],
    ...["2a00::5efe:10.0.0.1", "2a00::200:5efe:127.0.0.1"],
  ],
  "link-local": [
    ...["169.254.0.1", "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16"],
    ...["fe80::1", "febf::1", "fe80::1%eth0", "fd00:ec2::254", "fd20:ce::254", "fd00:42::42"],
    ...["::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"],
    ...["2a00::5efe:169.254.169.254", "::ffff:100.100.100.200"],
  ],
  reserved: [
    ...["0.0.0.0", "0.1.2.3", "192.0.0.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"],
    ...["255.255.255.255", "::", "ff02::1", "ff0e::1", "2001::1", "2001:0:53aa:64c:0:0:80ff:fffe", "2001:20::1"],
    ...["100::1", "4000::1", "5f00::1", "fe00::1", "::2", "::8.8.8.8", "2002:808:808::1", "64:ff9b:1::8.8.8.8"],
    ...["2a00::5efe:8.8.8.8", "::ffff:0.0.0.0", "", "example.com", "127.1", "0x7f000001", "::1%lo", "1.2.3.4.5"],
  ],
};

describe.each(Object.entries(cases))("%s", (is, addresses) => {
  test.each(addresses)("%j", (address) => {
    expect(classifyAddress(address)).toBe(is);
  });
});

test("every IPv4 address whose first byte is private, multicast or reserved is no public one", () => {
  for (const first of [0, 10, 127, ...Array.from({ length: 32 }, (_, index) => 224 + index)]) {
    for (const rest of ["0.0.0", "1.2.3", "255.255.255"])
      expect(classifyAddress(`${first}.${rest}`)).not.toBe("public");
  }
});

test("parsing agrees with the URL parser on every way to write one address", () => {
  for (const text of [
    "2001:db8::1",
    "::",
    "::1",
    "1::",
    "1:2:3:4:5:6:7:8",
    "1:2::7:8",
    "::ffff:1.2.3.4",
    "fe80::a:0:0:1",
  ]) {
    const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
    expect(parseIpAddress(text)).toEqual(parseIpAddress(canonical));
    expect(parseIpAddress(text)).toHaveLength(16);
  }
  expect(parseIpAddress("1:2::7:8")).toEqual([0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 8]);
  expect(parseIpAddress("::ffff:1.2.3.4")?.slice(10)).toEqual([255, 255, 1, 2, 3, 4]);
});
