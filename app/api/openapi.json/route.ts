import { openApiRoute } from "../../../lib/surfaces/http/openapi";
import { version } from "../../../package.json";

export const dynamic = "force-dynamic";

export const { GET, POST } = openApiRoute(version);
