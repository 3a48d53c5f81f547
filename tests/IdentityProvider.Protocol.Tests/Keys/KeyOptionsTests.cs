using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Protocol.Tests.Keys;

public sealed class KeyOptionsTests
{
    [Fact]
    public void The_defaults_lack_only_the_master_key()
    {
        Assert.StartsWith("Keys:master_key_file is missing, and so is Keys:master_key", Assert.Single(new KeyOptions().Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_reported_at_once()
    {
        var options = new KeyOptions
        {
            Algorithms = ["RS256", "RS256", "HS256", "none"],
            RsaKeySize = 1024,
            JwksMaxAge = TimeSpan.Zero,
            AnnouncementTime = TimeSpan.Zero,
            RotationInterval = TimeSpan.FromDays(500),
            SigningKeyRetention = TimeSpan.FromHours(24),
            MasterKey = "x",
            MasterKeyFile = "y",
            PreviousMasterKey = "x",
            PreviousMasterKeyFile = "y",
        };

        Assert.Equal(11, options.Validate().Count());
    }

    [Fact]
    public void The_announcement_must_outlast_every_cached_key_set()
    {
        var options = new KeyOptions { MasterKey = "x", JwksMaxAge = TimeSpan.FromHours(1), AnnouncementTime = TimeSpan.FromMinutes(64) };
        Assert.Contains("announcement_time", Assert.Single(options.Validate()), StringComparison.Ordinal);

        options.AnnouncementTime = TimeSpan.FromMinutes(65);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void A_ring_that_would_publish_too_many_keys_is_refused()
    {
        var options = new KeyOptions { MasterKey = "x", RotationInterval = TimeSpan.FromDays(2), SigningKeyRetention = TimeSpan.FromDays(60) };
        Assert.Contains("would be published", Assert.Single(options.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_problem_only_where_it_is_not_made()
    {
        var options = new KeyOptions { MasterKeyFile = "no-such-folder/master.key" };
        Assert.Contains("no-such-folder/master.key", Assert.Single(options.Validate()), StringComparison.Ordinal);

        options.CreateMissingMasterKey = true;
        Assert.Empty(options.Validate());
    }
}
