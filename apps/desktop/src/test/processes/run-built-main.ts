// Runs a built main file on the double, as Electron would run it, and prints what came of it. Its own process, because
// a bundle's `import "electron"` is the loader's business.
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const double = new URL("../electron-double/electron-double.ts", import.meta.url).href;
const { app, electronModule, machine } = (await import(
  double
)) as typeof import("../electron-double/electron-double.ts");
const names = Object.keys(electronModule).join(", ");
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "electron"
      ? {
          url: `data:text/javascript,import { electronModule } from "${double}"; export const { ${names} } = electronModule;`,
          format: "module",
          shortCircuit: true,
        }
      : next(specifier, context),
});

const { connectThroughPage } = await import("../boot-desktop.ts");
const { DoubleWindow } = await import("../electron-double/double-windows.ts");
const [main = ""] = process.argv.slice(2);
await import(pathToFileURL(main).href);

const contents = DoubleWindow.all[0]?.webContents;
if (!contents) throw new Error("no window");
const { client } = await connectThroughPage(contents);
const { shell, dataDir } = await client.system.info();
const models = (await client.model.list()).map(({ name }) => name);
const exited = new Promise((resolve) => app.once("double-exit", resolve));
app.quit();
await exited;
process.stdout.write(
  JSON.stringify({ url: contents.mainFrame.url, shell, dataDir, models, exitCode: machine.exitCode }),
  () => process.exit(0),
);
