import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { cancelReplay } from "@/lib/operations/sinks/cancel-replay"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  DELETE: route(cancelReplay, {
    authenticate: "api-key",
    input: ({ params }) => ({ id: params.id, replayId: params.replayId }),
  }),
})
