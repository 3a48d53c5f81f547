using IdentityProvider.ResourceServer.Authorization;
using IdentityProvider.ResourceServer.Bearer;
using IdentityProvider.ResourceServer.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.ResourceServer;

/// <summary>Adds the authentication handler, the scope and sign-in requirements, and the check of the options.</summary>
public static class ResourceServerRegistration
{
    /// <summary>
    /// Accepts access tokens of one issuer. Several issuers: call it once for each, with a scheme of its own.
    /// Mistakes in the options stop the start of the application, all in one message.
    /// </summary>
    public static AuthenticationBuilder AddIdentityProvider(
        this AuthenticationBuilder authentication, Action<ResourceServerOptions> configure) =>
        authentication.AddIdentityProvider(ResourceServerDefaults.AuthenticationScheme, configure);

    /// <inheritdoc cref="AddIdentityProvider(AuthenticationBuilder, Action{ResourceServerOptions})"/>
    public static AuthenticationBuilder AddIdentityProvider(
        this AuthenticationBuilder authentication, string scheme, Action<ResourceServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(authentication);
        ArgumentNullException.ThrowIfNull(configure);

        var services = authentication.Services;
        services.AddAuthorization();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AccessTokenValidators>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, ScopeHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, UserAuthenticationHandler>());
        services.AddSingleton<IValidateOptions<ResourceServerOptions>>(new ResourceServerOptionsValidator(scheme));
        services.AddOptions<ResourceServerOptions>(scheme).ValidateOnStart();
        return authentication.AddScheme<ResourceServerOptions, BearerHandler>(scheme, configure);
    }
}
