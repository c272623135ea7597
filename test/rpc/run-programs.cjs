// Runs programs one after the other in this process and prints a line of JSON for each: what it logged, and how it failed.
//   node run-programs.cjs FILE...
const say = line => process.stdout.write(`${JSON.stringify(line)}\n`)
const ended = { call: () => {} }

process.on("uncaughtException", error => ended.call({ failed: error.message }))
const logged = []
console.log = (...parts) => {
  logged.push(...parts)
  // A program that fails logs the status first and throws then.
  setImmediate(() => ended.call({}))
}

async function main() {
  for (const file of process.argv.slice(2)) {
    logged.length = 0
    const how = await new Promise(resolve => {
      ended.call = resolve
      require(file)
    })
    say({ ...how, logged })
  }
  process.exit(0)
}

main()
