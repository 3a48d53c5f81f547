using System.Diagnostics;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Recovery;

/// <summary>
/// Whether an answer's time tells of an account (the statistical kind). Samples of both sorts alternate, so that whatever else the machine does hits
/// both alike, and the middle half of each is compared: a missing hash or an extra commit is far outside the bound, a busy machine is not.
/// </summary>
public sealed class AnswerTimeTests : IDisposable
{
    private const int Samples = 60;
    private const double Bound = 1.5;
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
        var times = new[] { new List<double>(), new List<double>() };
        for (var number = -4; number < 2 * Samples; number++)
        {
            // Two of the one, two of the other, the first of each pair changing: neither always follows the other.
            var exists = number / 2 % 2 == 0 == (number % 2 == 0);
            await browser.GoAsync(page);
            var start = Stopwatch.GetTimestamp();
            await send(browser, exists, number);
            if (number >= 0)
            {
                times[exists ? 0 : 1].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        Assert.Equal(times[0].Count, times[1].Count);
        var (taken, free) = (MiddleOf(times[0]), MiddleOf(times[1]));
        Assert.True(
            taken < free * Bound && free < taken * Bound,
            $"{page}: {taken:F2} ms where there is an account, {free:F2} ms where there is none");
    }

    /// <summary>Mean of the middle half.</summary>
    private static double MiddleOf(List<double> times) => times.Order().Skip(times.Count / 4).Take(times.Count / 2).Average();
}
