// @ts-check
// npm runs a script through a shell and sends its signals to that shell. Some shells replace themselves with the command
// and some end without passing the signal on, which would leave the script running. So a process that npm started ends, as
// if by SIGTERM, when its parent has ended. Importing this file is enough.
const everyMs = 250

/**
 * Calls `end` once when the parent process has ended.
 * @param {number} parent process id
 * @param {() => void} end
 */
function whenGone(parent, end) {
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(parent)) return
    clearInterval(timer)
    end()
  }, everyMs)
  timer.unref()
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of another account is alive although it may not be signalled.
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

if (process.env.npm_lifecycle_event !== undefined) {
  whenGone(process.ppid, () => process.kill(process.pid, "SIGTERM"))
}
