import { type TokenBuckets, tokenBuckets } from "./token-buckets"

/** One limit, for each organization and for each of its keys. */
export interface KeyRates {
  readonly organizations: TokenBuckets
  readonly keys: TokenBuckets
}

/** What senders may send to this process. */
export interface Rates {
  readonly events: KeyRates
  readonly bytes: KeyRates
  /** Bytes of senders without a key, by ip. */
  readonly bytesByIp: TokenBuckets
  /** Searches through Clarifai's API, by key. */
  readonly clarifai: TokenBuckets
}

interface RateSettings {
  readonly eventsPerSecond: number
  readonly bytesPerSecond: number
  readonly clarifaiPerSecond: number
}

/** One key may use only a part of its organization's rate, so that something is left for other keys. */
const keyShare = 0.9

/** Returns these limits with nothing used. */
export function rates({ eventsPerSecond, bytesPerSecond, clarifaiPerSecond }: RateSettings): Rates {
  return {
    events: keyRates(eventsPerSecond),
    bytes: keyRates(bytesPerSecond),
    bytesByIp: tokenBuckets(bytesPerSecond),
    clarifai: tokenBuckets(clarifaiPerSecond),
  }
}

function keyRates(perSecond: number): KeyRates {
  return {
    organizations: tokenBuckets(perSecond),
    keys: tokenBuckets(Math.max(1, Math.floor(perSecond * keyShare))),
  }
}
