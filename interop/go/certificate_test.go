package interop

import (
	"context"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

// A daemon proves itself with a key of its own: MSAL Go names the certificate in its header, or sends it along.

func signingFor(t *testing.T, robot Application, options ...confidential.Option) confidential.Client {
	t.Helper()
	certificates, key, err := confidential.CertFromPEM([]byte(robot.Certificate+string(robot.PrivateKey)), "")
	check(t, err)
	credential, err := confidential.NewCredFromCert(certificates, key)
	check(t, err)
	options = append(options, confidential.WithInstanceDiscovery(false))
	client, err := confidential.New(dev.Authority(robot.Tenant), robot.ClientID, credential, options...)
	check(t, err)
	return client
}

func provesTheRobot(t *testing.T, token string, robot, api Application) {
	t.Helper()
	claims, err := dev.VerifiedForAPI(token, api, robot.Tenant)
	check(t, err)
	equal(t, "client", ClientOf(claims), robot.ClientID)
	equal(t, "client authentication", ClientAuthenticationOf(claims), "2")
}

func TestADaemonGetsATokenWithItsCertificate(t *testing.T) {
	robot, api := dev.WithCertificate(), dev.Application("api")
	for name, options := range map[string][]confidential.Option{"named": nil, "sent along": {confidential.WithX5C()}} {
		t.Run(name, func(t *testing.T) {
			shows(t, msalGo, "client-certificate")
			client := signingFor(t, robot, options...)
			answer, err := client.AcquireTokenByCredential(context.Background(), []string{api.DefaultScope()})
			check(t, err)
			provesTheRobot(t, answer.AccessToken, robot, api)
		})
	}
}

func TestAzidentityGetsATokenWithACertificate(t *testing.T) {
	robot, api := dev.WithCertificate(), dev.Application("api")
	certificates, key, err := azidentity.ParseCertificates([]byte(robot.Certificate+string(robot.PrivateKey)), nil)
	check(t, err)
	for name, chain := range map[string]bool{"named": false, "sent along": true} {
		t.Run(name, func(t *testing.T) {
			shows(t, azidentityGo, "client-certificate")
			credential, err := azidentity.NewClientCertificateCredential(robot.Tenant, robot.ClientID, certificates, key,
				&azidentity.ClientCertificateCredentialOptions{
					ClientOptions: here(), DisableInstanceDiscovery: true, SendCertificateChain: chain})
			check(t, err)
			answer, err := credential.GetToken(context.Background(), askingFor(api.DefaultScope()))
			check(t, err)
			provesTheRobot(t, answer.Token, robot, api)
		})
	}
}
