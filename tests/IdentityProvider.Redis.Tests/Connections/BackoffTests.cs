using IdentityProvider.Redis.Connections;

namespace IdentityProvider.Redis.Tests.Connections;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_grow_to_ten_seconds_and_are_a_random_half_or_more_of_that()
    {
        int[] longest = [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000];
        for (var time = 0; time < 200; time++)
        {
            var backoff = new Backoff();
            Assert.All(longest, most => Assert.InRange(backoff.Next(TimeSpan.Zero).TotalMilliseconds, most / 2.0, most));
        }
    }

    [Fact]
    public void What_held_for_half_a_minute_begins_anew_and_what_broke_sooner_does_not()
    {
        var backoff = new Backoff();
        for (var time = 0; time < 10; time++)
        {
            backoff.Next(TimeSpan.Zero);
        }

        Assert.InRange(backoff.Next(TimeSpan.FromSeconds(29)).TotalMilliseconds, 5000, 10_000);
        Assert.InRange(backoff.Next(TimeSpan.FromSeconds(30)).TotalMilliseconds, 100, 200);
        Assert.InRange(backoff.Next(TimeSpan.Zero).TotalMilliseconds, 200, 400);
    }
}
