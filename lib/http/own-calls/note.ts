import type { OrganizationRef } from "@/lib/access/principal"
import { onePerProcess } from "@/lib/memory/one-per-process"
import type { AnyOperation, Caller } from "@/lib/operations/core/operation"
import { platform } from "@/lib/platform"
import { type Exchange, type RequestMarks, requestMarks } from "@/lib/request-marks"
import { isSentByPage } from "./by-page"
import { type KeptBody, type OwnCall, recordCall } from "./record"
import { watchResponse } from "./watch-response"

/** The calls that are under way, by the marks of their requests. */
const underWay = onePerProcess("own-calls", () => new WeakMap<RequestMarks, OwnCall>())

/**
 * Notes who calls which operation. When the policy of their organization says so, the HTTP request is recorded after its
 * response, as one event however many operations it needs.
 */
export function noteCall(operation: Pick<AnyOperation, "name">, caller: Caller): void {
  const { organization } = caller.principal
  // Most installations do not record their own calls: they are asked this and nothing more.
  if (organization === null ? !platform().ownCalls.isOn : isOff(organization)) return
  const marks = requestMarks()
  if (!marks?.exchange) return
  const calls = underWay()
  const call = calls.get(marks) ?? begin(marks.exchange, caller)
  calls.set(marks, call)
  call.operations.add(operation.name)
  if (call.principal.organization === null) call.principal = caller.principal
}

/** Returns whether the current request may be recorded: then its body has to be noted. */
export function isBodyNoted(): boolean {
  const call = currentCall()
  return call !== undefined && call.principal.organization !== null
}

/** Notes the body of the current request, as it is understood. The function is called when the request may be recorded. */
export function noteBody(body: () => KeptBody): void {
  const call = currentCall()
  if (call && call.principal.organization !== null) call.requestBody = body()
}

function currentCall(): OwnCall | undefined {
  const marks = requestMarks()
  return marks && underWay().get(marks)
}

function isOff({ id }: OrganizationRef): boolean {
  const known = platform().capturePolicies.known(id)
  return known !== undefined && !(known.policy.enabled && known.policy.ownCalls)
}

function begin(exchange: Exchange, caller: Caller): OwnCall {
  const call: OwnCall = {
    exchange,
    caller,
    principal: caller.principal,
    operations: new Set(),
    requestBody: null,
    responseBody: watchResponse(exchange.response),
  }
  exchange.response.once("close", () => end(call))
  return call
}

function end(call: OwnCall): void {
  if (isSentByPage(call.exchange)) return
  const { organization } = call.principal
  if (organization === null) platform().ownCalls.countWithoutOrganization()
  else void recordCall(call, organization)
}
