using IdentityProvider.LoadBench;

// bench [seconds per scenario] [callers] [name filter]; "floor PORT" is how it starts the floor beside the server.
if (args is ["floor", var port])
{
    await Floor.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

var seconds = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 5;
var callers = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 16;
var filter = args.Length > 2 ? args[2] : string.Empty;
await using var run = await BenchRun.StartAsync();
await run.MeasureAsync(TimeSpan.FromSeconds(seconds), callers, filter, Console.Out);
