"use server"

import { action } from "@/lib/http/action"
import { deleteOtherUserSession, deleteOtherUserSessions } from "@/lib/operations/sign-in/own-sessions"
import { updateUser } from "@/lib/operations/sign-in/profile"

/** Changes the name of the person. */
export const updateProfileAction = action(updateUser)

/** Ends one other session. */
export const endSessionThereAction = action(deleteOtherUserSession)

/** Ends every session but this one. */
export const endSessionsElsewhereAction = action(deleteOtherUserSessions)
