// @vitest-environment jsdom
// The purifier relies on a complete DOM and passes everything where it does not find one.
import { describe, expect, it } from "vitest";
import { sanitizeSvg } from "./sanitize-svg.ts";

describe("sanitizeSvg", () => {
  it.each([
    '<svg><script>alert(1)</script><rect width="1"/></svg>',
    '<svg onload="alert(1)"><rect width="1" onclick="alert(1)"/></svg>',
    '<svg><foreignObject><img src="x" onerror="alert(1)"></foreignObject><rect width="1"/></svg>',
    '<svg><a href="javascript:alert(1)"><rect width="1"/></a></svg>',
    '<svg><image href="https://evil.test/a.png"/><rect width="1"/></svg>',
    '<svg><use href="https://evil.test/a.svg#x"/><rect width="1"/></svg>',
    '<svg><rect width="1" fill="url(https://evil.test/a)"/></svg>',
    '<svg><rect width="1" style="background:url(//evil.test/a)"/></svg>',
    '<svg><style>@import "https://evil.test/a.css"; rect{fill:url("https://evil.test/b")}</style><rect width="1"/></svg>',
  ])("leaves nothing that runs or fetches in %j", (svg) => {
    const clean = sanitizeSvg(svg);
    expect(clean).toContain("<rect");
    expect(clean).not.toMatch(/script|onload|onclick|onerror|javascript|evil|foreignObject|@import/i);
  });

  it("keeps references inside the drawing", () => {
    const clean = sanitizeSvg('<svg><defs><marker id="m"></marker></defs><path d="M0 0" marker-end="url(#m)"/></svg>');
    expect(clean).toContain("url(#m)");
  });
});
