import { terminalStream } from "../../../../lib/surfaces/http/terminal";

export const dynamic = "force-dynamic";

export const { GET, POST } = terminalStream();
