import { runParserProcess } from "@deskside/knowledge/parser";
import { portFromParent } from "@deskside/rpc/node";

runParserProcess(portFromParent());
