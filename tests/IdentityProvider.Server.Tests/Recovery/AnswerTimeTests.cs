using System.Diagnostics;
using System.Security.Cryptography;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Recovery;

/// <summary>
/// Whether an answer's time tells of an account (the statistical kind). Pairs of answers, one of each sort, the order drawn for each pair. Where
/// time does not tell, whatever else the machine does, the slower of a pair is either by the draw alone, as a coin falls: that one sort is the slower
/// by more than the bound in 50 of 60 pairs has a probability below 8.1e-8, and one of two sorts in one of three tests below 5e-7. A missing hash or
/// an extra commit is far outside the bound, and so in nearly every pair.
/// </summary>
public sealed class AnswerTimeTests : IDisposable
{
    private const int Pairs = 60;
    private const int TooMany = 50;
    private const double Bound = 1.25;
    private const string Wrong = "a wrong password of some length";

    private readonly ServerFixture _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    [Case(260)]
    public async Task A_failed_sign_in_takes_as_long_whether_the_account_exists_or_not()
    {
        await CompareAsync("/signin", (browser, exists, number) =>
            browser.SubmitAsync("signin", ("username", exists ? "alice" : $"nobody-{number}"), ("password", Wrong)));
    }

    [Fact]
    [Case(262)]
    public async Task Registration_takes_as_long_whether_the_address_is_taken_or_not()
    {
        await CompareAsync("/register", (browser, exists, number) =>
            browser.SubmitAsync("register", ("email", exists ? "alice@example.com" : $"nobody-{number}@example.com"), ("password", Wrong)));
    }

    [Fact]
    [Case(286)]
    public async Task A_reset_takes_as_long_whether_the_account_exists_or_not()
    {
        await CompareAsync("/forgot", (browser, exists, number) =>
            browser.SubmitAsync("send", ("username", exists ? "alice" : $"nobody-{number}")));
    }

    private async Task CompareAsync(string page, Func<Browser, bool, int, Task<Answer>> send)
    {
        await _server.PauseDeliveriesAsync();
        using var browser = _server.NewBrowser();
        var pairs = new List<(double Taken, double Free)>();
        for (var number = -4; number < Pairs; number++)
        {
            var isTakenFirst = RandomNumberGenerator.GetInt32(2) == 0;
            var (first, second) = (await MeasureAsync(isTakenFirst, number), await MeasureAsync(!isTakenFirst, number));
            if (number >= 0)
            {
                pairs.Add(isTakenFirst ? (first, second) : (second, first));
            }
        }

        var slowerWhereTaken = pairs.Count(pair => pair.Taken > pair.Free * Bound);
        var slowerWhereFree = pairs.Count(pair => pair.Free > pair.Taken * Bound);
        Assert.True(
            slowerWhereTaken < TooMany && slowerWhereFree < TooMany,
            $"{page}: of {Pairs} pairs {slowerWhereTaken} were slower where there is an account ({MiddleOf(pairs.Select(pair => pair.Taken)):F2} ms), "
            + $"{slowerWhereFree} where there is none ({MiddleOf(pairs.Select(pair => pair.Free)):F2} ms)");

        async Task<double> MeasureAsync(bool exists, int number)
        {
            await browser.GoAsync(page);
            var start = Stopwatch.GetTimestamp();
            await send(browser, exists, number);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static double MiddleOf(IEnumerable<double> times) => times.Order().ElementAt(Pairs / 2);
}
