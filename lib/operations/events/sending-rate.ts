import type { ApiKeyPrincipal } from "@/lib/access/principal"
import { AppError } from "@/lib/errors"
import { onePerPlatform, platform } from "@/lib/platform"
import { type RateLimit, type TokenBuckets, TooFast, tokenBuckets } from "./rate-limit"

/** Limits what a sender of bodies may send: bytes are charged before they are read, whatever the result. */
export interface BodyRate {
  /** Throws AppError `rate-limited` while the limit is exceeded. */
  refuseHaste(): void
  /** Charges bytes, counted after decompression. */
  charge(bytes: number): void
}

/** The same for a key that sends events. */
export interface SendingRate extends BodyRate {
  /**
   * Throws AppError `rate-limited` while the limit of events is exceeded. The bytes of the request itself do not
   * count.
   */
  refuseEvents(): void
  /** Charges events. */
  take(events: number): RateLimit
}

/** One key may use only a part of its organization's rate, so that something is left for other keys. */
const keyShare = 0.9

interface Buckets {
  readonly organizations: TokenBuckets
  readonly keys: TokenBuckets
}

function bucketsOf(perSecond: number): Buckets {
  return {
    organizations: tokenBuckets(perSecond),
    keys: tokenBuckets(Math.max(1, Math.floor(perSecond * keyShare))),
  }
}

const eventBuckets = onePerPlatform("rates.events", ({ env }) => bucketsOf(env.ingestionRatePerSecond))
const byteBuckets = onePerPlatform("rates.bytes", ({ env }) => bucketsOf(env.bodyBytesPerSecond))
const addressBuckets = onePerPlatform("rates.addresses", ({ env }) => tokenBuckets(env.bodyBytesPerSecond))

/** Returns the limits of the key and its organization. */
export function rateOfKey({ organization, keyId }: ApiKeyPrincipal): SendingRate {
  const [events, bytes] = [eventBuckets(platform()), byteBuckets(platform())]
  const look = ({ organizations, keys }: Buckets) => {
    const states = [organizations.look(organization.id, Date.now()), keys.look(keyId, Date.now())]
    return states.reduce((one, other) => (other.resetSeconds > one.resetSeconds ? other : one))
  }
  const take = ({ organizations, keys }: Buckets, count: number) => {
    organizations.take(organization.id, count, Date.now())
    return keys.take(keyId, count, Date.now())
  }
  return {
    refuseHaste() {
      const [ofEvents, ofBytes] = [look(events), look(bytes)]
      const resetSeconds = Math.max(ofEvents.resetSeconds, ofBytes.resetSeconds)
      if (resetSeconds > 0) throw new TooFast({ ...ofEvents, remaining: 0, resetSeconds })
    },
    refuseEvents() {
      const state = look(events)
      if (state.resetSeconds > 0) throw new TooFast(state)
    },
    charge: count => void take(bytes, count),
    take: count => take(events, count),
  }
}

/** Returns the limits of an ip whose sender is not yet authenticated: the fields of a form. */
export function rateOfAddress(address: string | null): BodyRate {
  const buckets = addressBuckets(platform())
  const name = address ?? "unknown"
  return {
    refuseHaste() {
      const { resetSeconds } = buckets.look(name, Date.now())
      if (resetSeconds === 0) return
      throw new AppError("rate-limited", "Too much was sent at once. Please try again in a moment.", {
        retryAfterSeconds: resetSeconds,
      })
    },
    charge: count => void buckets.take(name, count, Date.now()),
  }
}
