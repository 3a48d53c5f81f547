using IdentityProvider.Redis;

namespace IdentityProvider.Server.Tests.Composition.Settings;

public sealed class RedisSettingsTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, "", true)]
    [InlineData(false, "", false)]
    [InlineData(false, """, "allow_unencrypted": true""", true)]
    [InlineData(false, """, "tls": true""", true)]
    public void Another_machine_is_spoken_to_in_the_clear_only_in_Development_or_where_that_is_asked_for(bool isDevelopment, string more, bool isFine)
    {
        _folder.Section($$"""{ "Redis": { "addresses": ["10.0.0.5:6379"]{{more}} } }""").Load(isDevelopment);

        var problems = _folder.Problems.Where(problem => problem.StartsWith("IdentityProvider:Redis:", StringComparison.Ordinal)).ToArray();

        Assert.Equal(isFine, problems.Length == 0);
        Assert.All(problems, problem => Assert.Contains("10.0.0.5:6379 is another machine", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void The_password_comes_from_the_environment_and_never_from_the_command_line()
    {
        var settings = _folder
            .Section("""{ "Redis": { "addresses": ["127.0.0.1"], "user_name": "idp", "ca_fil": "x" } }""")
            .Variable("IdentityProvider__Redis__password", "geheim")
            .Argument("IdentityProvider:Redis:password", "offen")
            .LoadForDevelopment();

        Assert.Equal("geheim", settings.Get<RedisOptions>().Password);
        Assert.Contains(_folder.Problems, problem => problem.StartsWith("IdentityProvider:Redis:password", StringComparison.Ordinal) && !problem.Contains("offen", StringComparison.Ordinal));
        Assert.Contains(_folder.Problems, problem => problem.Contains("ca_file", StringComparison.Ordinal)); // the nearest name
    }

    [Fact]
    public void Files_start_from_the_data_folder()
    {
        var settings = _folder.Section("""{ "DataFolder": "/data", "Redis": { "ca_file": "ca.pem" } }""").LoadForDevelopment();

        Assert.Equal(Path.GetFullPath("/data/ca.pem"), settings.Get<RedisOptions>().CaFile);
    }
}
