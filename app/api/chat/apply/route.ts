import { chatApplyRoute } from "../../../../lib/surfaces/http/chat";

export const dynamic = "force-dynamic";

export const { GET, POST } = chatApplyRoute();
