using IdentityProvider.LoadBench;

// bench [seconds per scenario] [callers] [name filter]; "storm [seconds] [callers]" signs people in beside token traffic; "floor PORT" is how it starts the floor beside the server.
if (args is ["floor", var port])
{
    await Floor.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

if (args is ["storm", ..])
{
    args = args[1..];
    await using var storm = await BenchRun.StartAsync();
    await storm.StormAsync(
        TimeSpan.FromSeconds(args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 10),
        args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 40,
        Console.Out);
    return;
}

var seconds = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 5;
var callers = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 16;
var filter = args.Length > 2 ? args[2] : string.Empty;
await using var run = await BenchRun.StartAsync();
await run.MeasureAsync(TimeSpan.FromSeconds(seconds), callers, filter, Console.Out);
