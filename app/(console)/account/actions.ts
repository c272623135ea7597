"use server"

import { action } from "@/lib/http/action"
import { disconnectIdentity } from "@/lib/operations/sign-in/identity-own"
import { deleteOtherUserSession, deleteOtherUserSessions } from "@/lib/operations/sign-in/own-sessions"
import { updateUser } from "@/lib/operations/sign-in/update-profile"

/** Changes the name of the person. */
export const updateProfileAction = action(updateUser)

/** Disconnects an account at the OpenID provider. */
export const disconnectIdentityAction = action(disconnectIdentity)

/** Ends one other session. */
export const endSessionThereAction = action(deleteOtherUserSession)

/** Ends every session but this one. */
export const endSessionsElsewhereAction = action(deleteOtherUserSessions)
