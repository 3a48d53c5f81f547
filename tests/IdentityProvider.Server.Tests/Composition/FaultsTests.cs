using System.Net;
using System.Text.Json;
using IdentityProvider.Server.Composition;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace IdentityProvider.Server.Tests.Composition;

public sealed class FaultsTests : IAsyncDisposable
{
    private const int Busy = 5;
    private const int Misuse = 1;

    private readonly LogCapture _logs = new();
    private readonly WebApplication _app;
    private Exception _fault = new InvalidOperationException("secret detail");

    public FaultsTests()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<Outages>();
        builder.Logging.ClearProviders().AddProvider(_logs);
        _app = builder.Build();
        _app.UseMiddleware<Faults>();
        _app.Map("/{**path}", (HttpContext context) =>
        {
            context.Response.Headers.SetCookie = "half=done";
            return Task.FromException(_fault);
        });
    }

    [Fact]
    [Case(419)]
    public async Task A_program_gets_server_error_with_the_id_of_the_log_line()
    {
        var (response, body) = await CallAsync("/connect/token");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.False(response.Headers.Contains("Set-Cookie"));
        using var json = JsonDocument.Parse(body);
        Assert.Equal(["error", "error_description"], json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal("server_error", json.RootElement.GetProperty("error").GetString());
        Assert.DoesNotContain("secret detail", body, StringComparison.Ordinal);
        var id = json.RootElement.GetProperty("error_description").GetString()!.Split(' ')[^1];
        Assert.Equal(LogLevel.Error, _logs.Last(9001).Level);
        Assert.Contains(id, _logs.Last(9001).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/signin")]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/endsession")]
    public async Task A_person_gets_a_page_with_the_error_id_even_when_no_page_can_be_rendered(string path)
    {
        var (response, body) = await CallAsync(path);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Something went wrong on our side", body, StringComparison.Ordinal);
        Assert.Matches("Error id: <code>[a-z0-9]{10}</code>", body);
        Assert.DoesNotContain("secret detail", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_temporarily_unavailable()
    {
        foreach (var outage in new Exception[]
        {
            new SqliteException("database is locked", Busy),
            new StorageOverloadedException(),
            new InvalidOperationException("while saving", new SqliteException("disk I/O error", 10)),
            new PostgresException("cannot execute INSERT in a read-only transaction", "ERROR", "ERROR", PostgresErrorCodes.ReadOnlySqlTransaction),
        })
        {
            _fault = outage;
            var (response, body) = await CallAsync("/connect/token");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("5", response.Headers.RetryAfter?.ToString());
            Assert.Contains("\"temporarily_unavailable\"", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wrong_statement_is_our_fault_and_no_outage()
    {
        _fault = new SqliteException("no such column", Misuse);

        Assert.Equal(HttpStatusCode.InternalServerError, (await CallAsync("/connect/token")).Response.StatusCode);
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_keeps_its_status()
    {
        _fault = new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);

        var (response, body) = await CallAsync("/connect/token");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("\"invalid_request\"", body, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _logs.Dispose();
    }

    private async Task<(HttpResponseMessage Response, string Body)> CallAsync(string path)
    {
        if (_app.Lifetime.ApplicationStarted is { IsCancellationRequested: false })
        {
            await _app.StartAsync();
        }

        var response = await _app.GetTestClient().GetAsync(path);
        return (response, await response.Content.ReadAsStringAsync());
    }
}
