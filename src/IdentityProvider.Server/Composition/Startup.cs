using System.Diagnostics;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Server.Commands;
using IdentityProvider.Server.Composition.Settings;
using IdentityProvider.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// What happens between reading the settings and answering the first request, in order: schema, keys, declared objects, a look at what
/// must not be there, listening.
/// </summary>
internal sealed class Startup(WebApplication app, ServerSettings settings, TextWriter output, TextWriter errors)
{
    private const int Success = 0;
    private const int Failure = 1;

    private CancellationToken Stopping => app.Lifetime.ApplicationStopping;

    /// <summary>Until the process is asked to stop.</summary>
    public async Task<int> RunAsync(long started)
    {
        var problems = await PrepareAsync();
        if (problems.Count > 0)
        {
            return ServerProgram.Refuse(errors, $"The server does not start in {app.Environment.EnvironmentName}:", problems, Failure);
        }

        await app.StartAsync(Stopping);
        await AnnounceAsync(started);
        await app.WaitForShutdownAsync(CancellationToken.None);
        return Success;
    }

    public async Task<int> MigrateAsync()
    {
        var applied = await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(Stopping);
        foreach (var migration in applied)
        {
            await output.WriteLineAsync($"Applied {migration}.");
        }

        await output.WriteLineAsync(applied.Count == 0 ? "The database is up to date." : "The database is up to date now.");
        return Success;
    }

    public async Task<int> KeysAsync(IReadOnlyList<string> words)
    {
        var pending = await FindPendingAsync();
        return pending.Count > 0
            ? ServerProgram.Refuse(errors, "The key ring cannot be read:", pending, Failure)
            : await KeysCommand.RunAsync(app.Services, words, output, errors, Stopping);
    }

    public async Task<int> DeliveriesAsync(IReadOnlyList<string> words)
    {
        var pending = await FindPendingAsync();
        if (pending.Count > 0)
        {
            return ServerProgram.Refuse(errors, "The deliveries cannot be read:", pending, Failure);
        }

        var outbox = app.Services.GetRequiredService<IOutboxStore>();
        var command = new DeliveriesCommand(outbox, app.Services.GetRequiredService<TimeProvider>(), output, errors);
        return await command.RunAsync(words, Stopping);
    }

    public async Task<int> RegistrationAsync(IReadOnlyList<string> words)
    {
        var pending = await FindPendingAsync();
        if (pending.Count > 0)
        {
            return ServerProgram.Refuse(errors, "The initial access tokens cannot be reached:", pending, Failure);
        }

        var tokens = app.Services.GetRequiredService<IInitialAccessTokenStore>();
        var command = new RegistrationCommand(tokens, app.Services.GetRequiredService<TimeProvider>(), output, errors);
        return await command.RunAsync(words, Stopping);
    }

    public async Task<int> AccountsAsync(IReadOnlyList<string> words)
    {
        var pending = await FindPendingAsync();
        if (pending.Count > 0)
        {
            return ServerProgram.Refuse(errors, "The accounts cannot be reached:", pending, Failure);
        }

        // What is mailed is sealed under the ring.
        await app.Services.GetRequiredService<KeyRotation>().AdvanceAsync(Stopping);
        await using var scope = app.Services.CreateAsyncScope();
        var command = new AccountsCommand(
            scope.ServiceProvider.GetRequiredService<Invitations>(),
            scope.ServiceProvider.GetRequiredService<AccountCreation>(),
            output,
            errors);
        return await command.RunAsync(words, Stopping);
    }

    /// <summary>Brings database, keys and catalog to where the settings want them. What hinders the start, in words for the operator.</summary>
    private async Task<IReadOnlyList<string>> PrepareAsync()
    {
        if (settings.Get<StorageOptions>().MigrateAtStart == true)
        {
            var applied = await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(Stopping);
            if (applied.Count > 0)
            {
                Log.Migrated(app.Logger, string.Join(", ", applied));
            }
        }
        else if (await FindPendingAsync() is { Count: > 0 } pending)
        {
            return pending;
        }

        await app.Services.GetRequiredService<KeyRotation>().AdvanceAsync(Stopping);
        if (!settings.IsDevelopment && await StoredDevelopmentObjects.FindAsync(app.Services, Stopping) is { Count: > 0 } forbidden)
        {
            return forbidden;
        }

        return await DeclareAsync();
    }

    private async Task<IReadOnlyList<string>> FindPendingAsync()
    {
        var pending = await app.Services.GetRequiredService<DatabaseMigrator>().GetPendingAsync(Stopping);
        return pending.Count == 0
            ? []
            :
            [
                $"The database lacks migrations of this version: {string.Join(", ", pending)}. Run the command migrate, or set "
                    + "IdentityProvider:Storage:migrate_at_start.",
            ];
    }

    private async Task<IReadOnlyList<string>> DeclareAsync()
    {
        await app.Services.GetRequiredService<DeclaredCatalog>().SaveAsync(settings.Declared, Stopping);
        var different = await app.Services.GetRequiredService<DeclaredAccountComparison>()
            .FindDifferentAsync(settings.Declared.Accounts, settings.IsDevelopment, Stopping);
        if (different.Count == 0)
        {
            return [];
        }

        await using var scope = app.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<DeclaredAccounts>();
        var problems = await accounts.SaveAsync(different, settings.IsDevelopment, Stopping);
        return [.. problems.Select(problem => $"{SettingsSchema.RootName}:{problem}")];
    }

    private async Task AnnounceAsync(long started)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var elapsed = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        Log.Ready(app.Logger, elapsed, settings.Protocol.Issuer, string.Join(", ", addresses));
        if (!settings.IsDevelopment)
        {
            return;
        }

        Log.DevelopmentOnly(app.Logger);
        await output.WriteLineAsync();
        await output.WriteLineAsync($"  Open       {settings.Protocol.Issuer}");
        foreach (var account in settings.Declared.Accounts.Where(account => account is { Enabled: not false, Password: not null }))
        {
            await output.WriteLineAsync($"  Sign in    {account.UserName} with password {account.Password}");
        }

        await output.WriteLineAsync($"  Mail       {settings.Protocol.AddressOf(Protocol.Configuration.EndpointPaths.DevelopmentMail)}");
        await output.WriteLineAsync($"  Metadata   {settings.Protocol.AddressOf(Protocol.Configuration.EndpointPaths.OpenIdConfiguration)}");
        await output.WriteLineAsync($"  Data       {settings.DataFolder}");
        await output.WriteLineAsync($"  Ready      in {elapsed} ms; stop with Ctrl+C");
        await output.WriteLineAsync();
    }
}
