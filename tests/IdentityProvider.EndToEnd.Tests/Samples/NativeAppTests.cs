using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>The native app; what the system browser does, Chromium or a test's own browser does.</summary>
[Collection(SharedSamples.Name)]
public sealed class NativeAppTests(SamplesFixture fixture)
{
    private const string AuthorizationRequest = "^http.*/connect/authorize.*$";

    [Fact]
    public async Task Person_signs_in_with_the_browser_over_a_loopback_address()
    {
        await using var app = Start();
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.Page.GotoAsync((await app.ReadAsync(AuthorizationRequest)).Value);
        await visitor.SignInAsync();
        await visitor.SeeAsync("You can close this tab.");

        AssertUsedAndEnded(await app.EndAsync());
        Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+/callback\\?", visitor.Page.Url);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Person_signs_in_with_the_browser_over_the_scheme_of_the_app_and_other_answers_are_not_taken()
    {
        await using var app = Start("--scheme");
        using var visitor = new Visitor(new Uri(fixture.Server.Issuer));
        await visitor.GoToAsync((await app.ReadAsync(AuthorizationRequest)).Value);
        await CodeFlow.SignInAsync(visitor);
        await CodeFlow.AllowAsync(visitor);
        var answer = visitor.SentTo!.OriginalString;
        Assert.StartsWith("com.example.nativeapp:/callback?", answer, StringComparison.Ordinal);

        foreach (var address in (string[])[answer.Replace("state=", "state=x", StringComparison.Ordinal), answer.Replace("iss=", "iss=x", StringComparison.Ordinal), answer])
        {
            await using var second = Start(address);
            Assert.Equal((0, ""), await second.EndAsync());
        }

        AssertUsedAndEnded(await app.EndAsync());
    }

    [Fact]
    public async Task Person_who_says_no_is_told_so()
    {
        await using var app = Start("--scheme");
        using var visitor = new Visitor(new Uri(fixture.Server.Issuer));
        await visitor.GoToAsync((await app.ReadAsync(AuthorizationRequest)).Value);
        await CodeFlow.SignInAsync(visitor);
        await visitor.SubmitAsync("#consent", ("decision", "deny"));
        await using var second = Start(visitor.SentTo!.OriginalString);

        var (exitCode, output) = await app.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("You did not allow this app to sign you in.", output, StringComparison.Ordinal);
        Assert.Equal(0, (await second.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task App_tells_what_to_start_when_the_issuer_is_not_running()
    {
        await using var app = SampleProcesses.StartTool("src/samples/NativeApp", "http://127.0.0.1:9", fixture.OrdersApi, []);

        var (exitCode, output) = await app.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("dotnet run --project src/IdentityProvider.Server", output, StringComparison.Ordinal);
    }

    private static void AssertUsedAndEnded((int ExitCode, string Output) end)
    {
        Assert.True(end.ExitCode == 0, end.Output);
        Assert.Contains("Signed in as Alice Example.", end.Output, StringComparison.Ordinal);
        Assert.Contains("Darjeeling", end.Output, StringComparison.Ordinal);
        Assert.Contains("Signed out", end.Output, StringComparison.Ordinal);
    }

    /// <summary>The browser that xdg-open starts does nothing, and the pipe is apart from those of other runs.</summary>
    private ChildProcess Start(params string[] arguments) => SampleProcesses.StartTool(
        "src/samples/NativeApp",
        fixture.Server.Issuer,
        fixture.OrdersApi,
        arguments,
        KeyValuePair.Create("BROWSER", "true"),
        KeyValuePair.Create("TMPDIR", Directory.CreateDirectory(fixture.NewPath("native")).FullName));
}
