import { messages } from "../../../lib/surfaces/http/message";
import { answerMessage } from "../../../lib/surfaces/mcp/http";
import { version } from "../../../package.json";

export const dynamic = "force-dynamic";

export const { GET, POST, DELETE } = messages((request, message, workspace, bearer) =>
  answerMessage(request, message, workspace, version, bearer),
);
