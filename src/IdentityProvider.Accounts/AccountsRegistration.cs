using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Claims;
using IdentityProvider.Accounts.Closing;
using IdentityProvider.Accounts.Export;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Accounts.Profiles;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Outbox;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IdentityProvider.Accounts;

public static class AccountsRegistration
{
    /// <summary>
    /// People and how they sign in. The stores (<c>IUserStore</c>, <see cref="IAccountStateStore"/>, <see cref="ISignInFailureStore"/>,
    /// <see cref="IPasskeyStore"/>), <see cref="IAccountMail"/>, <see cref="IBreachedPasswords"/> and the values of <see cref="AccountsOptions"/> come from the host.
    /// </summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        AddAccountPages(services);
        services.AddOptions<AccountsOptions>();
        services.TryAddSingleton<IPasswordHasher<Account>, Argon2PasswordHasher>();
        services.AddSingleton<PasswordHashingQueue>();
        services.AddIdentityCore<Account>(options =>
        {
            options.Stores.SchemaVersion = IdentitySchemaVersions.Version2;
            // Any script: what a name may be is decided where accounts are made.
            options.User.AllowedUserNameCharacters = string.Empty;
        });
        services.AddScoped<AccountFinder>();
        services.AddScoped<PasswordSignIn>();
        services.AddSingleton<NewPasswords>();
        services.AddScoped<PasswordChange>();
        services.AddSignUp();
        services.AddScoped<AccountLocale>();
        services.AddScoped<UpstreamAccountCreation>();
        services.AddScoped<UpstreamSignIn>();
        services.AddScoped<UpstreamLinks>();
        services.AddOptions<UpstreamOptions>();
        services.AddSingleton<UpstreamProviders>();
        services.AddSingleton<SignInFailures>();
        services.AddSingleton<SignInPolicy>();
        services.AddSingleton<EnrolledFactors>();
        services.AddSingleton<ISecondFactor, TotpFactor>();
        services.AddSingleton<TelephoneFactor>();
        services.AddSingleton<ISecondFactor>(provider => provider.GetRequiredService<TelephoneFactor>());
        services.AddSingleton<ISecondFactor, RecoveryCodeFactor>();
        services.AddOptions<LimitsOptions>();
        services.AddSingleton<AccountLimits>();
        services.AddScoped<AccountLinkDoor>();
        services.AddScoped<PasswordReset>();
        services.AddScoped<EmailConfirmation>();
        services.AddScoped<PauseEnd>();
        services.AddSingleton<ChangeRecords>();
        services.AddSingleton<AccountLinks>();
        services.AddSingleton<IAccountLinks>(provider => provider.GetRequiredService<AccountLinks>());
        services.AddSingleton<ISecondFactor, PasskeyFactor>();
        services.AddSingleton<PasskeyRelyingParty>();
        services.AddSingleton<PasskeyCeremonies>();
        services.AddScoped<PasskeySignIn>();
        services.AddScoped<PasskeyBook>();
        return services;
    }

    /// <summary>Setting up and checking second factors; needs ASP.NET data protection and the key ring, which only a server has.</summary>
    public static IServiceCollection AddSecondFactors(this IServiceCollection services)
    {
        services.AddSingleton<TotpSecrets>();
        services.AddSingleton<SecondFactorCheck>();
        services.AddSingleton<SecondFactorChange>();
        services.AddSingleton<TelephoneChange>();
        return services;
    }

    /// <summary>What people do with the account as a whole; the parts of an export stand in it in this order.</summary>
    private static void AddAccountPages(IServiceCollection services)
    {
        services.AddScoped<ProfileChange>();
        services.AddScoped<AccountClosing>();
        services.AddScoped<AccountExport>();
        services.AddSingleton<IExportPart, SecondFactorsExport>();
        services.AddSingleton<IExportPart, PasskeysExport>();
        services.AddSingleton<IExportPart, LinkedIdentitiesExport>();
        services.AddSingleton<IExportPart, DevicesExport>();
        services.AddSingleton<IExportPart, HistoryExport>();
        services.AddSingleton<IExportPart, MessagesExport>();
    }

    /// <summary>How accounts come about.</summary>
    private static void AddSignUp(this IServiceCollection services)
    {
        services.AddScoped<AccountSignUp>();
        services.AddSingleton<SignUpDrafts>();
        services.AddScoped<AccountCreation>();
        services.AddScoped<InvitedSignUp>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<EmailRequirement>();
        services.AddSingleton<PendingSignUps>();
        services.AddSingleton<IOutboxHandler>(provider => provider.GetRequiredService<PendingSignUps>());
    }
}
