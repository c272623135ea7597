import type { ApiKeyPrincipal } from "@/lib/access/principal"
import { AppError, type RateLimit } from "@/lib/errors"
import type { KeyRates, Rates } from "@/lib/memory/rates"

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

/** Returns the limits of the key and its organization. */
export function rateOfKey({ events, bytes }: Rates, { organization, keyId }: ApiKeyPrincipal): SendingRate {
  const look = ({ organizations, keys }: KeyRates) => {
    const states = [organizations.look(organization.id, Date.now()), keys.look(keyId, Date.now())]
    return states.reduce((one, other) => (other.resetSeconds > one.resetSeconds ? other : one))
  }
  const take = ({ organizations, keys }: KeyRates, count: number) => {
    organizations.take(organization.id, count, Date.now())
    return keys.take(keyId, count, Date.now())
  }
  return {
    refuseHaste() {
      const [ofEvents, ofBytes] = [look(events), look(bytes)]
      const resetSeconds = Math.max(ofEvents.resetSeconds, ofBytes.resetSeconds)
      if (resetSeconds > 0) throw tooFast({ ...ofEvents, remaining: 0, resetSeconds })
    },
    refuseEvents() {
      const state = look(events)
      if (state.resetSeconds > 0) throw tooFast(state)
    },
    charge: count => void take(bytes, count),
    take: count => take(events, count),
  }
}

/** Returns the limits of an ip whose sender is not yet authenticated: the fields of a form. */
export function rateOfAddress({ bytesByIp }: Rates, address: string | null): BodyRate {
  const name = address ?? "unknown"
  return {
    refuseHaste() {
      const { resetSeconds } = bytesByIp.look(name, Date.now())
      if (resetSeconds === 0) return
      throw new AppError("rate-limited", "Too much was sent at once. Please try again in a moment.", {
        retryAfterSeconds: resetSeconds,
      })
    },
    charge: count => void bytesByIp.take(name, count, Date.now()),
  }
}

function tooFast(rateLimit: RateLimit): AppError {
  const message = "Too many events, or too many bytes, at once; nothing of this request was kept."
  return new AppError("rate-limited", message, { rateLimit })
}
