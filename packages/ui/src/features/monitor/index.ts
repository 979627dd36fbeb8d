export { MonitorScreen } from "./monitor-screen.tsx";
