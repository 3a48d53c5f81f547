using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IdentityProvider.Server.Mail;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Testing;

/// <summary>Starts the program with a configuration file and a data folder of its own, and takes both away with it.</summary>
internal sealed class TestHost : WebApplicationFactory<Program>
{
    private const string Settings = $$"""
        {
          "Issuer": "{{ServerFixture.Issuer}}",
          "ClientAuthentication": { "failures": 100000, "failures_per_address": 100000 },
          "Mail": { "transport": "file", "from": "no-reply@id.example" },
          "Limits": { "password_attempts": 1000, "password_attempts_per_address": 1000, "mails_per_receiver": 1000, "mail_requests_per_address": 1000, "registrations_per_address": 1000 },
          "Storage": { "connection_string": "Data Source=identity.db", "migrate_at_start": true },
          "Declared": {
            "Scopes": [
              { "name": "orders.read", "display_name": "Read your orders" },
              { "name": "orders.write", "display_name": "Change your orders" },
              { "name": "stock.read", "display_name": "See what is in stock" }
            ],
            "Resources": [
              { "identifier": "{{ServerFixture.OrdersApi}}", "scopes": ["orders.read", "orders.write"] },
              { "identifier": "{{ServerFixture.StockApi}}", "scopes": ["stock.read"], "access_token_signing_alg": "ES256" }
            ],
            "Accounts": [
              {
                "user_name": "alice", "password": "{{ServerFixture.Password}}", "email": "alice@example.com", "email_verified": true,
                "phone_number": "+12025550143", "phone_number_verified": true,
                "claims": {
                  "name": "Alice Example", "given_name": "Alice", "family_name": "Example", "locale": "en-GB",
                  "address": { "locality": "Berlin", "country": "Germany" }
                }
              },
              { "user_name": "bob", "password": "{{ServerFixture.Password}}", "claims": { "name": "Bob Example" } }
            ]
          }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-server-");
    private readonly ManualTimeProvider _clock;
    private readonly LogCapture _logs;
    private readonly MailCapture _mails;
    private readonly string _file;

    public TestHost(ManualTimeProvider clock, LogCapture logs, MailCapture mails, string? settings)
    {
        _clock = clock;
        _logs = logs;
        _mails = mails;
        var section = JsonNode.Parse(Settings)!.AsObject();
        section["DataFolder"] = _folder.FullName;
        section["Keys"] = new JsonObject { ["master_key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        Merge(section, JsonNode.Parse(settings ?? "{}")!.AsObject());
        _file = Path.Combine(_folder.FullName, "settings.json");
        File.WriteAllText(_file, new JsonObject { ["IdentityProvider"] = section }.ToJsonString());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("config", _file);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton<ILoggerProvider>(_logs);
            services.AddSingleton<IMailSender>(_mails);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(_folder.FullName))
        {
            _folder.Delete(recursive: true);
        }
    }

    /// <summary>Objects are merged member by member; whatever else replaces what was there.</summary>
    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (name, value) in source)
        {
            if (target[name] is JsonObject known && value is JsonObject more)
            {
                Merge(known, more);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
