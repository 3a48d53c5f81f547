using IdentityProvider.Server.Composition;

namespace IdentityProvider.Server.Tests.Composition;

public sealed class StartArgumentsTests
{
    [Fact]
    public void Without_words_the_server_runs()
    {
        var arguments = StartArguments.Parse([]);

        Assert.Equal(StartCommands.Run, arguments.Command);
        Assert.Empty(arguments.Problems);
    }

    [Fact]
    public void Config_may_be_given_many_times_in_both_forms()
    {
        var arguments = StartArguments.Parse(["--config", "/a.json", "--config=/b.json", "check"]);

        Assert.Equal(StartCommands.Check, arguments.Command);
        Assert.Equal(["/a.json", "/b.json"], arguments.ConfigFiles);
    }

    [Fact]
    public void What_the_host_reads_is_passed_on_to_it()
    {
        var arguments = StartArguments.Parse(["--urls", "http://127.0.0.1:0", "--Kestrel:Limits:MaxConcurrentConnections=5", "--environment=Development"]);

        Assert.Empty(arguments.Problems);
        Assert.Equal(["--urls=http://127.0.0.1:0", "--Kestrel:Limits:MaxConcurrentConnections=5", "--environment=Development"], arguments.ForHost);
    }

    [Fact]
    public void Words_after_a_command_are_its_own()
    {
        var arguments = StartArguments.Parse(["--environment", "Development", "keys", "rotate", "--now"]);

        Assert.Equal((StartCommands.Keys, "rotate --now"), (arguments.Command, string.Join(' ', arguments.Rest)));
    }

    [Fact]
    public void Our_options_are_understood_after_a_command_too()
    {
        var arguments = StartArguments.Parse(
            ["keys", "rotate", "--config", "/a.json", "--compromised", "key", "--environment=Development", "--IdentityProvider:Issuer=https://id.example"]);

        Assert.Empty(arguments.Problems);
        Assert.Equal("rotate --compromised key", string.Join(' ', arguments.Rest));
        Assert.Equal(["/a.json"], arguments.ConfigFiles);
        Assert.Equal(["environment", "IdentityProvider:Issuer"], arguments.Settings.Select(pair => pair.Key));
    }

    [Theory]
    [InlineData("chek", "chek is no command; did you mean check?")]
    [InlineData("--confg=x", "--confg is no option; did you mean config?")]
    [InlineData("--config", "--config lacks its value.")]
    [InlineData("frobnicate", "frobnicate is no command; see --help.")]
    public void A_misspelling_is_a_problem(string argument, string problem) =>
        Assert.Equal([problem], StartArguments.Parse([argument]).Problems);

    [Fact]
    public async Task Help_version_and_misuse_have_their_exit_codes()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        Assert.Equal(0, await ServerProgram.RunAsync(["--help"], output, errors));
        Assert.Equal(0, await ServerProgram.RunAsync(["--version"], output, errors));
        Assert.Equal(2, await ServerProgram.RunAsync(["runn"], output, errors));
        Assert.Contains("Usage:", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("did you mean run?", errors.ToString(), StringComparison.Ordinal);
    }
}
