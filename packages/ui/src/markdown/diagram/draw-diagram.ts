/** Longest source that is drawn, in characters: layout takes time that grows faster than the text. */
export const maxDiagramLength = 20_000;

export type DrawnDiagram = { svg: string } | { problem: string };

let counter = 0;
/** The library keeps state between calls, so drawings wait for one another. */
let queue: Promise<unknown> = Promise.resolve();

/** Draws a Mermaid diagram in the colours of the theme. The result is sanitised; a syntax error is told, not thrown. */
export function drawDiagram(source: string): Promise<DrawnDiagram> {
  const result = queue.then(() => draw(source));
  queue = result.catch(() => undefined);
  return result;
}

async function draw(source: string): Promise<DrawnDiagram> {
  if (source.length > maxDiagramLength) return { problem: `${source.length} > ${maxDiagramLength}` };
  const [{ default: mermaid }, { sanitizeSvg }] = await Promise.all([import("mermaid"), import("./sanitize-svg.ts")]);
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    maxTextSize: maxDiagramLength,
    maxEdges: 300,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    theme: "base",
    fontFamily: readToken("--font-ui"),
    themeVariables: themeVariables(),
  });
  try {
    const { svg } = await mermaid.render(`deskside-diagram-${counter++}`, source);
    return { svg: sanitizeSvg(svg) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function readToken(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function themeVariables(): Record<string, string | boolean> {
  const ink = readToken("--ink");
  const line = readToken("--line-control");
  return {
    darkMode: document.documentElement.dataset["theme"] === "dark",
    background: readToken("--surface"),
    primaryColor: readToken("--accent-soft"),
    primaryBorderColor: readToken("--accent-ink"),
    primaryTextColor: ink,
    secondaryColor: readToken("--sunken"),
    tertiaryColor: readToken("--pane"),
    lineColor: line,
    textColor: ink,
    mainBkg: readToken("--accent-soft"),
    nodeBorder: readToken("--accent-line"),
    clusterBkg: readToken("--pane"),
    clusterBorder: readToken("--line-strong"),
    noteBkgColor: readToken("--warn-soft"),
    noteBorderColor: readToken("--warn-line"),
    fontSize: "13px",
  };
}
