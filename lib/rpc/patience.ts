import {
  status as grpcStatus,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
} from "@grpc/grpc-js"

/**
 * Returns an interceptor that ends a call whose message has not arrived in time. A caller that begins and then sends nothing
 * would otherwise be waited for as long as its connection lasts.
 */
export function arrivalWithin(patienceMs: number): ServerInterceptor {
  return (_method, call) => {
    const timer = setTimeout(() => {
      call.sendStatus({
        code: grpcStatus.DEADLINE_EXCEEDED,
        details: "The request took too long to arrive.",
      })
    }, patienceMs).unref()
    const arrived = () => clearTimeout(timer)
    const listener = new ServerListenerBuilder()
      .withOnReceiveHalfClose(next => {
        arrived()
        next()
      })
      .withOnCancel(arrived)
      .build()
    const responder = new ResponderBuilder().withStart(next => next(listener)).build()
    return new ServerInterceptingCall(call, responder)
  }
}
