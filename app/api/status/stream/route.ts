import { statusStream } from "../../../../lib/surfaces/http/stream";

export const dynamic = "force-dynamic";

export const { GET, POST } = statusStream();
