"use server"

import { action } from "@/lib/http/action"
import { cancelReplay } from "@/lib/operations/sinks/cancel-replay"
import { countSinkRange } from "@/lib/operations/sinks/count-range"
import { createSink } from "@/lib/operations/sinks/create"
import { deleteSink } from "@/lib/operations/sinks/delete"
import { pauseSink } from "@/lib/operations/sinks/pause"
import { replaySink } from "@/lib/operations/sinks/replay"
import { resumeSink } from "@/lib/operations/sinks/resume"
import { retryDeadLetters } from "@/lib/operations/sinks/retry"
import { testSink } from "@/lib/operations/sinks/test"
import { updateSink } from "@/lib/operations/sinks/update"

export const createSinkAction = action(createSink)
export const updateSinkAction = action(updateSink)
export const deleteSinkAction = action(deleteSink)
export const pauseSinkAction = action(pauseSink)
export const resumeSinkAction = action(resumeSink)
export const testSinkAction = action(testSink)
export const countSinkRangeAction = action(countSinkRange)
export const replaySinkAction = action(replaySink)
export const cancelReplayAction = action(cancelReplay)
export const retryDeadLettersAction = action(retryDeadLetters)
