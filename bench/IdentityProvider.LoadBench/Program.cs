using System.Globalization;
using IdentityProvider.LoadBench;

// "floor PORT" is how it starts the floor beside the server. What else there is: bench/README.md.
if (args is ["floor", var port])
{
    await Floor.RunAsync(Number(port));
    return;
}

var (options, rest) = BenchOptions.Parse(args);
switch (rest)
{
    case ["storm", .. var of]:
        await using (var storm = await BenchRun.StartAsync(options))
        {
            await storm.StormAsync(Seconds(of, 0, 10), At(of, 1, 40), Console.Out);
        }

        break;
    case ["start", .. var of]:
        await Starts.MeasureAsync(options, At(of, 0, 5), Console.Out);
        break;
    case ["mixed", .. var of]:
        await MixedRun.MeasureAsync(options, Seconds(of, 0, 180), At(of, 1, 8), Console.Out);
        break;
    case ["crash", .. var of]:
        await CrashRun.RunAsync(options, At(of, 0, 5), At(of, 1, 16), Console.Out);
        break;
    default:
        await using (var run = await BenchRun.StartAsync(options))
        {
            await run.MeasureAsync(Seconds(rest, 0, 1), At(rest, 1, 16), rest is [_, _, var filter, ..] ? filter : string.Empty, At(rest, 3, 7), Console.Out);
        }

        break;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int At(string[] arguments, int index, int otherwise) => arguments.Length > index ? Number(arguments[index]) : otherwise;

static TimeSpan Seconds(string[] arguments, int index, double otherwise) =>
    TimeSpan.FromSeconds(arguments.Length > index ? double.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise);
