using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Commands;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.EndSession;

public sealed class DeliveriesCommandTests : IDisposable
{
    private readonly ServerFixture _server = new();

    [Fact]
    public async Task List_says_when_there_is_nothing()
    {
        var (code, output, _) = await RunAsync("list");

        Assert.Equal((0, "There are no such deliveries in the last 14 days.\n"), (code, output));
    }

    [Fact]
    public async Task A_failed_delivery_is_listed_with_its_reason_and_can_be_tried_again()
    {
        var message = await FailAsync();

        var (code, output, _) = await RunAsync("list", "--failed");

        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal((0, 2), (code, lines.Length));
        Assert.Matches("^ID +QUEUED +STATE +TRIES +NEXT TRY +KIND +CLIENT +SESSION +LAST ERROR$", lines[0]);
        Assert.Equal(
            $"{message.Id}  2026-01-01 12:00:00Z  failed  1      -         backchannel_logout  {message.ClientId,-6}  {message.SessionId:N}  no such host",
            lines[1]);
        Assert.Equal((0, $"{message.Id} is tried again by the running server.\n"), Outcome(await RunAsync("retry", message.Id.ToString())));
        Assert.Equal("There are no such deliveries in the last 14 days.\n", (await RunAsync("list", "--failed")).Output);
        Assert.Equal("There are no such deliveries in the last 14 days.\n", (await RunAsync("list", "--delivered")).Output);
        Assert.Contains(message.Id.ToString(), (await RunAsync("list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "retry", "019b796d-d600-7bc1-beb7-ff6189f8ef73")]
    [InlineData(2, "retry", "x")]
    [InlineData(2, "retry")]
    [InlineData(2, "list", "--all")]
    [InlineData(2, "delete")]
    public async Task What_makes_no_sense_is_refused_with_a_hint(int expected, params string[] words)
    {
        var (code, output, errors) = await RunAsync(words);

        Assert.Equal((expected, string.Empty), (code, output));
        Assert.Contains("deliveries list", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _server.Dispose();

    private static (int Code, string Output) Outcome((int Code, string Output, string Errors) run) => (run.Code, run.Output);

    /// <summary>A delivery that was given up. The claim is ours, so the running server does not touch it.</summary>
    private async Task<OutboxMessage> FailAsync()
    {
        var client = _server.Register(TestClients.Public() with { BackchannelLogoutUri = "https://app.example/logout" });
        using var browser = await _server.SignInAsync("alice");
        var tokens = await _server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        await _server.PauseDeliveriesAsync();
        await browser.GoAsync("/connect/endsession?id_token_hint=" + tokens.IdToken);
        var outbox = _server.Services.GetRequiredService<IOutboxStore>();
        var now = _server.Clock.GetUtcNow();
        var message = Assert.Single(await outbox.ListAsync(OutboxState.Pending, 10, default));
        Assert.True(await outbox.TryClaimAsync(message, now.AddMinutes(2), default));
        await outbox.MarkFailedAsync(message with { Attempts = 1 }, "no such host", nextAttemptAt: null, now, default);
        return message;
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] words)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var errors = new StringWriter { NewLine = "\n" };
        var command = new DeliveriesCommand(_server.Services.GetRequiredService<IOutboxStore>(), _server.Clock, output, errors);
        return (await command.RunAsync(words, default), output.ToString(), errors.ToString());
    }
}
