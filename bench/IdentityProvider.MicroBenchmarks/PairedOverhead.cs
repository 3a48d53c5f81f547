using System.Diagnostics;

namespace IdentityProvider.MicroBenchmarks;

/// <summary>
/// What our code adds to the bare cryptography, on a machine that is not quiet: floor and operation take turns call by call, so both
/// meet the same disturbances, and the lower quartile of each is compared.
/// </summary>
internal static class PairedOverhead
{
    public static void Print(int rounds)
    {
        Console.WriteLine($"lower quartile of {rounds} calls each, taking turns, microseconds");
        Run(rounds, _ => { }); // everything is compiled and tiered up before it counts
        Run(rounds, Console.WriteLine);
    }

    private static void Run(int rounds, Action<string> print)
    {
        foreach (var algorithm in (string[])["RS256", "PS256", "ES256"])
        {
            var benchmarks = new JwtBenchmarks { Algorithm = algorithm };
            benchmarks.Prepare();
            print(Compare($"{algorithm} write", rounds, () => benchmarks.SignBytes(), () => benchmarks.WriteJwt()));
            print(Compare($"{algorithm} read", rounds, () => benchmarks.VerifyBytes(), () => benchmarks.ReadJwt()));
            benchmarks.Dispose();
        }
    }

    private static string Compare(string name, int rounds, Action floor, Action operation)
    {
        var (floorTime, operationTime) = Measure(floor, operation, rounds);
        return FormattableString.Invariant($"{name,-12} floor {floorTime,7:0.0}  ours {operationTime,7:0.0}  added {operationTime - floorTime,5:0.0}");
    }

    private static (double Floor, double Operation) Measure(Action floor, Action operation, int rounds)
    {
        var floors = new double[rounds];
        var operations = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            floors[round] = Time(floor);
            operations[round] = Time(operation);
        }

        Array.Sort(floors);
        Array.Sort(operations);
        return (floors[rounds / 4], operations[rounds / 4]);
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
