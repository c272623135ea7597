import type { JsonValue } from "@/lib/audit/json/value"
import { isObject } from "@/lib/audit/json/value"
import type { Format, Told } from "@/lib/formats/format"
import { eventOf } from "./event"
import { json } from "./json-reader"
import type { Mapping } from "./mapping"
import { ForeignRecord } from "./record"
import { looksLike } from "./shapes"

export interface MappedFormat extends Format {
  readonly mapping: Mapping
}

/** Returns the format that reads records by a mapping. */
export function mapped(mapping: Mapping): MappedFormat {
  const { name, title, documentation, word = "record", reader = json() } = mapping
  const isLike = (value: JsonValue, shapes: Mapping["records"]) =>
    isObject(value) && looksLike(new ForeignRecord(value, mapping), shapes)
  return {
    name,
    title,
    documentation,
    reader,
    mapping,
    recognises: value => {
      for (const candidate of reader.candidates(value)) {
        if (isLike(candidate, mapping.recognises)) return true
      }
      return false
    },
    *read(text, { ids }) {
      let number = 0
      for (const piece of reader.pieces(text, value => isLike(value, mapping.records))) {
        number++
        const value = piece.value ?? reader.parse(piece.raw)
        yield { position: `${word} ${number}`, ...tell(mapping, value, piece.raw, ids) }
      }
    },
  }
}

/** Returns the text of the event that a record is, or why it is none. */
function tell(mapping: Mapping, value: JsonValue, raw: string, ids: Parameters<typeof eventOf>[3]): Told {
  if (!isObject(value)) return { event: null, fault: "must be an object" }
  const record = new ForeignRecord(value, mapping)
  const fault = faultOf(mapping, record)
  if (fault !== null) return { event: null, fault }
  if ("asSent" in mapping) return { event: mapping.asSent(value, raw, ids) }
  return { event: JSON.stringify(eventOf(mapping, record, raw, ids)) }
}

function faultOf({ fault, records }: Mapping, record: ForeignRecord): string | null {
  if (typeof fault === "function") return fault(record)
  return looksLike(record, records) ? null : fault
}
