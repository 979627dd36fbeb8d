/** What a language needs: the name people read and its grammar, fetched when it is first seen. */
export interface CodeLanguage {
  name: string;
  /** `default` holds the grammar in shiki's form. */
  load: () => Promise<{ default: unknown }>;
}

const languages = {
  bash: { name: "Shell", load: () => import("shiki/langs/bash.mjs") },
  c: { name: "C", load: () => import("shiki/langs/c.mjs") },
  clojure: { name: "Clojure", load: () => import("shiki/langs/clojure.mjs") },
  cmake: { name: "CMake", load: () => import("shiki/langs/cmake.mjs") },
  cpp: { name: "C++", load: () => import("shiki/langs/cpp.mjs") },
  csharp: { name: "C#", load: () => import("shiki/langs/csharp.mjs") },
  css: { name: "CSS", load: () => import("shiki/langs/css.mjs") },
  csv: { name: "CSV", load: () => import("shiki/langs/csv.mjs") },
  dart: { name: "Dart", load: () => import("shiki/langs/dart.mjs") },
  diff: { name: "Diff", load: () => import("shiki/langs/diff.mjs") },
  docker: { name: "Dockerfile", load: () => import("shiki/langs/docker.mjs") },
  elixir: { name: "Elixir", load: () => import("shiki/langs/elixir.mjs") },
  erlang: { name: "Erlang", load: () => import("shiki/langs/erlang.mjs") },
  go: { name: "Go", load: () => import("shiki/langs/go.mjs") },
  graphql: { name: "GraphQL", load: () => import("shiki/langs/graphql.mjs") },
  groovy: { name: "Groovy", load: () => import("shiki/langs/groovy.mjs") },
  haskell: { name: "Haskell", load: () => import("shiki/langs/haskell.mjs") },
  html: { name: "HTML", load: () => import("shiki/langs/html.mjs") },
  http: { name: "HTTP", load: () => import("shiki/langs/http.mjs") },
  ini: { name: "INI", load: () => import("shiki/langs/ini.mjs") },
  java: { name: "Java", load: () => import("shiki/langs/java.mjs") },
  javascript: { name: "JavaScript", load: () => import("shiki/langs/javascript.mjs") },
  json: { name: "JSON", load: () => import("shiki/langs/json.mjs") },
  jsx: { name: "JSX", load: () => import("shiki/langs/jsx.mjs") },
  julia: { name: "Julia", load: () => import("shiki/langs/julia.mjs") },
  kotlin: { name: "Kotlin", load: () => import("shiki/langs/kotlin.mjs") },
  latex: { name: "LaTeX", load: () => import("shiki/langs/latex.mjs") },
  lua: { name: "Lua", load: () => import("shiki/langs/lua.mjs") },
  make: { name: "Makefile", load: () => import("shiki/langs/make.mjs") },
  markdown: { name: "Markdown", load: () => import("shiki/langs/markdown.mjs") },
  matlab: { name: "MATLAB", load: () => import("shiki/langs/matlab.mjs") },
  nginx: { name: "nginx", load: () => import("shiki/langs/nginx.mjs") },
  "objective-c": { name: "Objective-C", load: () => import("shiki/langs/objective-c.mjs") },
  perl: { name: "Perl", load: () => import("shiki/langs/perl.mjs") },
  php: { name: "PHP", load: () => import("shiki/langs/php.mjs") },
  powershell: { name: "PowerShell", load: () => import("shiki/langs/powershell.mjs") },
  proto: { name: "Protocol Buffers", load: () => import("shiki/langs/proto.mjs") },
  python: { name: "Python", load: () => import("shiki/langs/python.mjs") },
  r: { name: "R", load: () => import("shiki/langs/r.mjs") },
  ruby: { name: "Ruby", load: () => import("shiki/langs/ruby.mjs") },
  rust: { name: "Rust", load: () => import("shiki/langs/rust.mjs") },
  scala: { name: "Scala", load: () => import("shiki/langs/scala.mjs") },
  scss: { name: "SCSS", load: () => import("shiki/langs/scss.mjs") },
  solidity: { name: "Solidity", load: () => import("shiki/langs/solidity.mjs") },
  sql: { name: "SQL", load: () => import("shiki/langs/sql.mjs") },
  svelte: { name: "Svelte", load: () => import("shiki/langs/svelte.mjs") },
  swift: { name: "Swift", load: () => import("shiki/langs/swift.mjs") },
  toml: { name: "TOML", load: () => import("shiki/langs/toml.mjs") },
  tsx: { name: "TSX", load: () => import("shiki/langs/tsx.mjs") },
  typescript: { name: "TypeScript", load: () => import("shiki/langs/typescript.mjs") },
  vue: { name: "Vue", load: () => import("shiki/langs/vue.mjs") },
  xml: { name: "XML", load: () => import("shiki/langs/xml.mjs") },
  yaml: { name: "YAML", load: () => import("shiki/langs/yaml.mjs") },
  zig: { name: "Zig", load: () => import("shiki/langs/zig.mjs") },
} as const satisfies Record<string, CodeLanguage>;

export type LanguageId = keyof typeof languages;

const aliases: Record<string, LanguageId> = {
  "c#": "csharp",
  "c++": "cpp",
  bat: "powershell",
  cc: "cpp",
  cjs: "javascript",
  console: "bash",
  cs: "csharp",
  dockerfile: "docker",
  ex: "elixir",
  golang: "go",
  gql: "graphql",
  h: "c",
  hpp: "cpp",
  hs: "haskell",
  htm: "html",
  jl: "julia",
  js: "javascript",
  json5: "json",
  jsonc: "json",
  jsonl: "json",
  kt: "kotlin",
  makefile: "make",
  md: "markdown",
  mjs: "javascript",
  mts: "typescript",
  mysql: "sql",
  node: "javascript",
  objc: "objective-c",
  patch: "diff",
  pl: "perl",
  postgres: "sql",
  postgresql: "sql",
  properties: "ini",
  protobuf: "proto",
  ps1: "powershell",
  py: "python",
  python3: "python",
  rb: "ruby",
  rs: "rust",
  sass: "scss",
  sh: "bash",
  shell: "bash",
  sol: "solidity",
  sqlite: "sql",
  svg: "xml",
  tex: "latex",
  ts: "typescript",
  yml: "yaml",
  zsh: "bash",
};

/** The language that a fence names, or null: such code keeps its label and has no colours. */
export function findLanguage(label: string): (CodeLanguage & { id: LanguageId }) | null {
  const key = label.trim().toLowerCase();
  const id = Object.hasOwn(languages, key)
    ? (key as LanguageId)
    : Object.hasOwn(aliases, key)
      ? aliases[key]
      : undefined;
  return id === undefined ? null : { id, ...languages[id] };
}
