namespace IdentityProvider.Redis.Tests;

public sealed class RedisOptionsTests
{
    [Theory]
    [InlineData("redis", "redis:6379", false)]
    [InlineData("redis.example.com:7000", "redis.example.com:7000", false)]
    [InlineData("10.0.0.5", "10.0.0.5:6379", false)]
    [InlineData("127.0.0.1:1", "127.0.0.1:1", true)]
    [InlineData("localhost:65535", "localhost:65535", true)]
    [InlineData("[::1]", "[::1]:6379", true)]
    [InlineData("[2001:db8::1]:7000", "[2001:db8::1]:7000", false)]
    public void An_address_is_a_host_and_a_port(string text, string expected, bool isLoopback)
    {
        var address = RedisAddress.Parse(text);

        Assert.Equal((expected, isLoopback), (address?.ToString(), address!.IsLoopback));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":6379")]
    [InlineData("redis:")]
    [InlineData("redis:0")]
    [InlineData("redis:65536")]
    [InlineData("redis:+1")]
    [InlineData("2001:db8::1")]
    [InlineData("[redis]:6379")]
    [InlineData("[::1")]
    [InlineData("redis://redis:6379")]
    [InlineData("redis:6379/0")]
    [InlineData("redis 6379")]
    public void Anything_else_is_none(string text) => Assert.Null(RedisAddress.Parse(text));

    [Fact]
    public void Without_addresses_there_is_nothing_to_say() =>
        Assert.Empty(new RedisOptions { Database = -1, KeyPrefix = "", CommandTimeoutMs = 0 }.Validate());

    [Fact]
    public void Every_problem_is_told_at_once_and_no_password()
    {
        var options = new RedisOptions
        {
            Addresses = ["redis://user:geheim@redis:1"],
            UserName = "user",
            Database = -1,
            KeyPrefix = "a b",
            CaFile = "/does/not/exist",
            CertificateFile = "/does/not/exist",
            ConnectTimeout = TimeSpan.Zero,
            CommandTimeoutMs = 5,
        };

        var problems = options.Validate().ToArray();

        Assert.Equal(
            ["addresses:0", "user_name", "database", "key_prefix", "ca_file,", "certificate_file", "connect_timeout", "command_timeout_ms"],
            problems.Select(problem => problem.Split(' ')[0]["Redis:".Length..]));
        Assert.DoesNotContain("geheim", string.Concat(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://user:geheim@redis:6379")]
    [InlineData("redis:6379,password=geheim")]
    [InlineData("redis:6379,password=ge@heim")]
    [InlineData("rediss://redis:6379?password=geheim")]
    [InlineData("redis:6379 geheim")]
    [InlineData("redis:geheim")]
    public void An_address_that_is_none_is_told_by_its_place_for_a_password_may_be_in_it(string address)
    {
        var options = new RedisOptions { Addresses = ["127.0.0.1", address] };

        Assert.Equal("Redis:addresses:1 must be host:port, such as redis.example.com:6379.", Assert.Single(options.Validate()));
    }

    [Theory]
    [InlineData("10.0.0.5", false, null, false)]
    [InlineData("redis.internal", false, false, false)]
    [InlineData("redis.internal", false, true, true)]
    [InlineData("redis.internal", true, null, true)]
    [InlineData("127.0.0.1", false, null, true)]
    [InlineData("localhost", false, false, true)]
    public void Nothing_travels_to_another_machine_in_the_clear_unless_that_is_asked_for(string address, bool tls, bool? allow, bool isFine)
    {
        var problems = new RedisOptions { Addresses = [address], Tls = tls, AllowUnencrypted = allow }.Validate().ToArray();

        Assert.Equal(isFine, problems.Length == 0);
        Assert.All(problems, problem => Assert.StartsWith("Redis:tls must be true", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_cannot_be_read_are_told_before_the_start()
    {
        var empty = Path.GetTempFileName();
        try
        {
            Assert.Contains("cannot be read", Assert.Single(With("/does/not/exist").Validate()), StringComparison.Ordinal);
            Assert.Equal("Redis:ca_file holds no certificate.", Assert.Single(With(empty).Validate()));
        }
        finally
        {
            File.Delete(empty);
        }

        static RedisOptions With(string file) => new() { Addresses = ["redis"], Tls = true, CaFile = file };
    }
}
