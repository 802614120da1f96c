import { route } from "../../../lib/surfaces/http/route";

export const dynamic = "force-dynamic";

export const { GET, POST } = route("layout");
